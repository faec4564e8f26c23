"""Templates that people save in Word: found, judged, and put together to the template of a whole report."""
