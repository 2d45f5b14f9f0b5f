"""`python -m daub.codec.training`."""

from daub.codec.training.states import main

main()
