"""The plain sentence with which the launcher refuses to go on."""


class Refusal(SystemExit):
    """Ends the process with exit code 1 and one readable sentence instead of a traceback.

    Chinese first, then English: what is wrong and what to do about it.
    """

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")
