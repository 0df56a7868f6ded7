"""A text in both languages of riskgate, Chinese and English."""

from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]


class Text(NamedTuple):
    """One text in Chinese and English. A plain string stands for both: `Text.of("A1")`."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: str) -> "Text":
        return cls(text, text)

    def to(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def as_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

    def __str__(self) -> str:
        return self.zh if self.zh == self.en else f"{self.zh} / {self.en}"
