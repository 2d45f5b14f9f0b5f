"""How the picture is looked at and painted on, and the furniture of the window around it."""
