"""The electrocardiogram, as measured by the machine or a reader."""

from wardline.core.concepts.concept import Concept

_G = "ecg"

QT_INTERVAL = Concept("qt_interval", "QT interval", "ms", (100, 1000), ("8634-8",), ("qt", "qt interval"), usual=(350, 440), group=_G)

ECG = (QT_INTERVAL,)
