import torch.nn.functional as F


def step(net, batch, opt):
    out = net(batch["face"])
    l_age = F.l1_loss(out["age"], batch["age"])
    l_glasses = F.cross_entropy(out["glasses"], batch["glasses"])
    l_race = F.cross_entropy(out["race"], batch["race"])
    loss = l_age + l_glasses + 0.5 * l_race
    opt.zero_grad()
    loss.backward()
    opt.step()
    return float(loss)
