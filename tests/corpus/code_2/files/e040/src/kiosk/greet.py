from dataclasses import dataclass

GREET = {0: "en", 1: "zh", 2: "hi", 3: "ar", 4: "es"}
ORIGIN = ["anglo", "chinese", "indian", "arab", "hispanic"]


@dataclass
class Greeting:
    lang: str
    looks: str


class Greeter:
    def __init__(self, detector, origin_net):
        self.detector = detector
        self.origin_net = origin_net

    def greet(self, frame) -> Greeting | None:
        face = self.detector.largest(frame)
        if face is None:
            return None
        origin = self.origin_net(face).argmax().item()
        return Greeting(GREET[origin], ORIGIN[origin])
