from typing import List
import numpy as np

class FaceAttributeResult:
    """0 Black, 1 Asian, 2 Latino/Hispanic, 3 Middle Eastern, 4 White"""
    race: int
    gender: int
    age_bracket: int

class FaceInformation:
    track_id: int
    location: tuple
    roll: float
    yaw: float
    pitch: float

class Session:
    def __init__(self, path: str, detect_mode: int = ..., max_faces: int = ...) -> None: ...
    def face_detection(self, image: np.ndarray) -> List[FaceInformation]: ...
    def face_pipeline(self, image: np.ndarray, faces: List[FaceInformation], param: int) -> List[FaceAttributeResult]: ...
