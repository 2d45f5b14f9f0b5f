"""Methods of the literature, in parts that combine: parametrisations, quantisers, coders of their symbols."""
