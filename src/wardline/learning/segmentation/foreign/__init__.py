"""Segmentation models of others (MONAI bundles, nnU-Net exports), turned into ONNX with a manifest without ever running what they say to run."""
