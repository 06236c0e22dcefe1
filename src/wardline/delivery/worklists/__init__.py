"""Who needs me now, and in what order?"""
