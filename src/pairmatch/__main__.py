"""``python -m pairmatch``: the command line."""

from pairmatch.cli import main

if __name__ == "__main__":
    main()
