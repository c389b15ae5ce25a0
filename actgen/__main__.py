"""`python -m actgen`."""

from actgen.cli import main

if __name__ == "__main__":
    main()
