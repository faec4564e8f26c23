"""Run the program as `python -m baogao`."""

from baogao.cli.main import main

if __name__ == "__main__":
    main()
