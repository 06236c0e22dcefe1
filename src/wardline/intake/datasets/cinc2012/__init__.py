"""PhysioNet/CinC Challenge 2012: the first two days of real stays in four intensive care units, and who died in hospital.

Silva I, Moody G, Scott DJ, Celi LA, Mark RG. Predicting In-Hospital Mortality of ICU Patients: The PhysioNet/Computing in
Cardiology Challenge 2012. Comput Cardiol 2012;39:245-248. Goldberger A et al. PhysioBank, PhysioToolkit, and PhysioNet.
Circulation 2000;101:e215-e220. Licence of the data: Open Data Commons Attribution 1.0. "The challenge's page" below is
physionet.org/content/challenge-2012/1.0.0: its lists of descriptors, time series and outcomes were read.
"""
