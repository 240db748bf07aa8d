"""What a training begins with: grown painters paint the same, and only what is new learns."""

import torch

from impasto.training.recipes.starts import grown, painter


def test_a_grown_painter_paints_the_same() -> None:
    before, content = painter("painter").eval(), torch.rand(2, 3, 32, 32)
    vector = before.encode(torch.rand(2, 3, 32, 32))
    after = grown(before).eval()
    assert after.shape.coarse_blocks == before.shape.coarse_blocks + 1
    torch.testing.assert_close(after(content, vector), before(content, vector), rtol=0, atol=0)


def test_old_weights_of_a_grown_painter_do_not_learn() -> None:
    before = painter("painter")
    made = grown(before)
    content = torch.rand(1, 3, 32, 32)
    optimizer = torch.optim.Adam([p for p in made.parameters() if p.requires_grad], lr=0.1)
    for _ in range(2):  # the new blocks add nothing in the first, so that modulation waits
        optimizer.zero_grad()
        made(content, before.encode(content).detach()).square().mean().backward()
        optimizer.step()
    state, old = made.state_dict(), before.state_dict()
    same = [name for name in old if old[name].shape == state[name].shape]
    assert all(torch.equal(state[name], old[name]) for name in same)
    assert torch.isin(old["modulation.2.bias"], state["modulation.2.bias"]).all()
    assert state["decoder.fine.2.second.weight"].abs().max() > 0
