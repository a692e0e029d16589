"""What the case page in the admin offers and says of a sanction, a partner's removal or a clearance."""

from cases import desk, unit_notes, worklist
from cases.desk import ANYWHERE
from clearance import followups, parting, serving
from clearance.desk.after import AddFollowup, FinishFollowup
from clearance.desk.deciding import ChooseAnnouncement, NoteAfterwards, Revoke, TakeOutGround
from clearance.desk.left import left, since
from clearance.desk.note import MeasureNote, standing
from clearance.desk.services import GiveUpService, RecordAnswer, Serve
from clearance.provider_note import AnswerNote

ACTIONS = (
    Serve,
    GiveUpService,
    RecordAnswer,
    ChooseAnnouncement,
    NoteAfterwards,
    TakeOutGround,
    Revoke,
    FinishFollowup,
    AddFollowup,
)


def register() -> None:
    for action in ACTIONS:
        desk.register(ANYWHERE, action())
    desk.register_note(MeasureNote())
    desk.register_waits(parting.waits)
    desk.register_waits(followups.waits)
    worklist.register_named_day("measure__due_on")
    desk.register_left(left)
    desk.register_since(since)
    for kind in (*serving.ASKS, serving.SERVES):
        desk.register_standing(kind, standing)
        unit_notes.register_note(kind, AnswerNote())
