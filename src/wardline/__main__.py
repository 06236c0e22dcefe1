"""`python -m wardline` is the same as `wardline`."""

from wardline.app.cli import main

main()
