"""What the environment gives. `NAME_FILE` names the file that holds the value of `NAME`, as secrets reach a container; a name with
nothing behind it, as compose hands on what nobody has set, is as if it were not there."""

import environ
from environ.fileaware_mapping import FileAwareMapping


class Given(FileAwareMapping):
    def __getitem__(self, name: str) -> str:
        value: str = super().__getitem__(name).strip()
        if not value:
            raise KeyError(name)
        return value


class Environment(environ.Env):
    ENVIRON = Given()
