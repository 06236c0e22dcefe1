"""Image filters by the Image Biomarker Standardisation Initiative, chapter 2: what an image looks like through an edge, a stripe, a blob."""

from wardline.science.imaging.filters.chosen import FILTERS, Filter
from wardline.science.imaging.filters.gabor import gabor
from wardline.science.imaging.filters.isotropic import nonseparable_wavelet, riesz_transform
from wardline.science.imaging.filters.kernels import laplacian_of_gaussian, laws, mean
from wardline.science.imaging.filters.wavelets import separable_wavelet

__all__ = ["FILTERS", "Filter", "gabor", "laplacian_of_gaussian", "laws", "mean", "nonseparable_wavelet", "riesz_transform", "separable_wavelet"]
