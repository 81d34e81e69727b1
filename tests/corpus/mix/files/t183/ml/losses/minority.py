import torch
from torch import nn
import torch.nn.functional as F


class MinorityFocalLoss(nn.Module):
    """Focal loss with a larger weight for minority classes (scratches, dents)."""

    def __init__(self, class_counts, gamma=2.0):
        super().__init__()
        counts = torch.as_tensor(class_counts, dtype=torch.float32)
        self.register_buffer("weight", counts.max() / counts)
        self.gamma = gamma

    def forward(self, logits, target):
        logp = F.log_softmax(logits, dim=1)
        pt = logp.exp().gather(1, target[:, None]).squeeze(1)
        loss = F.nll_loss(logp, target, weight=self.weight, reduction="none")
        return ((1 - pt) ** self.gamma * loss).mean()
