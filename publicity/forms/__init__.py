from publicity.forms.handling import (
    AcceptForm,
    ConcludeForm,
    HandlingForm,
    NotAcceptForm,
    NoteForm,
    TellForm,
)
from publicity.forms.objections import ObjectionFields, ObjectionForm, PaperObjectionForm, ReceiptForm
from publicity.forms.periods import (
    BatchElsewhereForm,
    BatchForm,
    BoardFilter,
    ElsewhereForm,
    SendBackForm,
    TakeDownForm,
)

__all__ = [
    "AcceptForm",
    "BatchElsewhereForm",
    "BatchForm",
    "BoardFilter",
    "ConcludeForm",
    "ElsewhereForm",
    "HandlingForm",
    "NotAcceptForm",
    "NoteForm",
    "ObjectionFields",
    "ObjectionForm",
    "PaperObjectionForm",
    "ReceiptForm",
    "SendBackForm",
    "TakeDownForm",
    "TellForm",
]
