"""The chosen kind's own questions, on every form of the desk where a kind is chosen."""

from collections.abc import Mapping
from typing import Any

from django import forms

from gongzhi.base.errors import Refused
from gongzhi.desk.visitor import Visitor
from gongzhi.programs import queries as programs
from gongzhi.programs import questions
from gongzhi.programs.questions import QuestionSet
from gongzhi.programs.types import CaseKind


class KindQuestions(forms.Form):
    """A form with a select `kind`; its template shows `question_sets` below it."""

    visitor: Visitor
    asked_already: str = ""  # a kind whose questions the reporter has answered

    @property
    def question_sets(self) -> list[QuestionSet]:
        """The questions of every kind that may be chosen, those of the chosen one shown."""
        kinds = [k for k in programs.current_kinds(self.visitor.today) if k.key != self.asked_already]
        return questions.ask(kinds, str(self["kind"].value() or ""), self._sent(), self.misfits)

    @property
    def misfits(self) -> dict[str, str]:
        """What is wrong with an answer, by the name of its input."""
        found: dict[str, str] = getattr(self, "_misfits", {})
        return found

    def answers(self) -> dict[str, str]:
        """The answers to the questions of the chosen kind."""
        return questions.read(self.chosen_kind(), self._sent())

    def chosen_kind(self) -> CaseKind | None:
        """The kind as it is in force today."""
        return programs.current_kind(str(self["kind"].value() or ""), self.visitor.today)

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside what it speaks of, else above the form."""
        if refused.field.startswith("form."):
            where = questions.input_of(self.chosen_kind(), refused.field)
            self._misfits = {where: str(refused.message)}
        self.add_error(refused.field if refused.field in self.fields else None, str(refused.message))

    def _sent(self) -> Mapping[str, Any]:
        return self.data if self.is_bound else {}
