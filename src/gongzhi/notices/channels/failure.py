"""How a channel says that it could not deliver."""

from gongzhi.notices.types import Reason


class NotDelivered(Exception):
    """The notice did not arrive. Names a reason and never an address, so that it may be logged."""

    def __init__(self, reason: Reason, *, final: bool = False, server_code: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.final = final  # trying again would not help
        self.server_code = server_code
