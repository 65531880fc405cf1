# run {index}
n = {n}
set { a = {n:03} }
