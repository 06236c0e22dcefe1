"""The small network: a three-dimensional U-Net that looks at CT and PET together. Needs torch, which is only installed where one trains."""

from types import ModuleType
from typing import Any, Final

from wardline.core.errors import Refused

CHANNELS: Final = (10, 20, 40)


def torch_module() -> ModuleType:
    """torch, or one sentence on how to get it."""
    try:
        import torch
    except ModuleNotFoundError as missing:
        raise Refused("Training needs torch, which is not installed here: install the CPU build of torch and try again.") from missing
    module: ModuleType = torch
    return module


def u_net(inputs: int, outputs: int) -> Any:
    """A U-Net with two steps down; about 140,000 weights."""
    nn = torch_module().nn

    def block(before: int, after: int) -> Any:
        layers = []
        for come in (before, after):
            layers += [nn.Conv3d(come, after, 3, padding=1, bias=False), nn.InstanceNorm3d(after, affine=True), nn.LeakyReLU(0.01)]
        return nn.Sequential(*layers)

    class UNet(nn.Module):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            super().__init__()
            a, b, c = CHANNELS
            self.fine, self.middle, self.deep = block(inputs, a), block(a, b), block(b, c)
            self.rise, self.join = nn.ConvTranspose3d(c, b, 2, stride=2), block(2 * b, b)
            self.rise_again, self.join_again = nn.ConvTranspose3d(b, a, 2, stride=2), block(2 * a, a)
            self.smaller, self.answer = nn.MaxPool3d(2), nn.Conv3d(a, outputs, 1)

        def forward(self, seen: Any) -> Any:
            cat = torch_module().cat
            fine = self.fine(seen)
            middle = self.middle(self.smaller(fine))
            deep = self.deep(self.smaller(middle))
            middle = self.join(cat([self.rise(deep), middle], 1))
            return self.answer(self.join_again(cat([self.rise_again(middle), fine], 1)))

    return UNet()
