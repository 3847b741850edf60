"""The source report's own figures as a 概况表. Real input: nothing here is made up but the names of the units."""
