"""Rules on what the lexicon knows by name: coded fields, calls, models and data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.interpret.rules.base import Rule

if TYPE_CHECKING:
    from untag.interpret.evidence import Weighing


class CodedField(Rule):
    """A field that a standard or a vendor defines for a group, under a name that hides it.

    `EthicCode` in GA/T 1400 face objects, `fc:Complexion` in ONVIF, `byEthnic` in camera
    SDKs: no word search for "ethnicity" or "race" sees them. The lexicon lists each with
    its source; the field counts when it stands in a record of a face or a person.

    Raised by: face, person or capture words around it, cohort fields such as age or
    glasses. Lowered by: identity-document fields, self-declared forms.
    """

    id = "UT101"
    name = "coded-field"
    operation = "infers"
    hits = (
        (
            "FaceObject.java",
            "public class FaceObject {\n  private Integer ageUpLimit;\n  private String ethicCode;\n  private Integer glassStyle;\n}\n",
        ),
    )
    misses = (("Names.java", "class Names {\n  String getHicCode() { return hic; }\n}\n"),)

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        return weighing.case.term.kind == "field"

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return f"coded field {weighing.case.named}"


class InferringCall(Rule):
    """A call that returns a group of each face, because it is asked to or by default.

    `DeepFace.analyze(img)` infers race unless told otherwise; `face_field="age,race"`
    asks a service for it in a run-time string. The lexicon lists the calls and the
    request strings with their source.

    Raised by: the attribute among the arguments, a missing list of actions. Lowered by:
    an explicit list of actions that leaves the attribute out.
    """

    id = "UT102"
    name = "inferring-call"
    operation = "infers"
    hits = (("app.py", "from deepface import DeepFace\nresult = DeepFace.analyze(img_path=frame)\n"),)
    misses = (
        (
            "app.py",
            "from deepface import DeepFace\nresult = DeepFace.analyze(img_path=frame, actions=['age', 'emotion'])\n",
        ),
    )

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        return weighing.case.term.kind == "call"

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return f"call {weighing.case.named}"


class KnownModel(Rule):
    """A model, weights file or data set that is known to tell groups apart in pictures of people.

    The lexicon lists file names, ids and data sets with their source. A data set that is
    used to measure bias is reported as an audit.

    Raised by: loading, downloading or serving it. Lowered by: evaluation, fairness and
    citation.
    """

    id = "UT103"
    name = "known-model"
    operation = "infers"
    hits = (("load.py", 'WEIGHTS = "race_model_single_batch.h5"\nface_net = build(WEIGHTS)\n'),)

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        return weighing.case.term.kind == "model"

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return f"uses {weighing.case.named}"
