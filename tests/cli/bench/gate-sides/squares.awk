BEGIN { print "n,square"; for (n = 1; n <= 9; n++) print n "," n * n }
