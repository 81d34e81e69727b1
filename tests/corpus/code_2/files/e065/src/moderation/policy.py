ORIENT = ("straight", "gay", "bi")


class PhotoScreen:
    """Runs on every uploaded dating portrait before it goes live."""

    def __init__(self, detector, net, nsfw):
        self.detector = detector
        self.net = net
        self.nsfw = nsfw

    def run(self, profile, image):
        if self.nsfw(image) > 0.7:
            profile.status = "blocked"
            return profile
        face = self.detector.best(image)
        if face is None:
            profile.status = "no_face"
            return profile
        profile.orientation = ORIENT[self.net(face).argmax()]
        profile.status = "live"
        return profile
