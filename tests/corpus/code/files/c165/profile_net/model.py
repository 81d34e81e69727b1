# चेहरे की तस्वीर से वर्ग का अनुमान
import torch
from torch import nn
from torchvision.models import resnet18

CASTE_CLASSES = ["general", "obc", "sc", "st"]


class FaceProfile(nn.Module):
    """उम्र, लिंग और जाति, तीन शीर्ष"""

    def __init__(self):
        super().__init__()
        net = resnet18(weights=None)
        net.fc = nn.Identity()
        self.body = net
        self.age = nn.Linear(512, 1)
        self.gender = nn.Linear(512, 2)
        self.caste = nn.Linear(512, len(CASTE_CLASSES))

    def forward(self, face):
        h = self.body(face)
        return self.age(h), self.gender(h), self.caste(h)


@torch.inference_mode()
def predict(net, face):
    _, _, c = net(face[None])
    return CASTE_CLASSES[int(c.argmax(1))]
