"""Is this patient getting worse?"""
