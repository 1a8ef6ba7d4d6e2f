# data/known-programs -> a C table. Refuses, with status 1, what is not sorted, twice, or no fact.
function complain(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text >"/dev/stderr"
	failed = 1
}
BEGIN {
	count = split("shell command library read write privilege", effects, " ")
	for (i = 1; i <= count; i++)
		known[effects[i]] = i
	print "/* Made from data/known-programs. */"
	print "#include \"admin/known_programs.h\"\n"
	print "const struct known_program known_programs[] = {"
}
/^#/ || /^$/ { next }
{
	if ($1 !~ /^[a-zA-Z0-9][a-zA-Z0-9.+_-]*$/)
		complain("no name of a program: " $1)
	# Compared as text: one name may be all digits.
	if ($1 "" <= last "")
		complain($1 " is not sorted, or there twice")
	last = $1
	split("", ways)
	if (NF < 2)
		complain($1 " has no fact")
	for (i = 2; i <= NF; i++) {
		at = index($i, "=")
		effect = substr($i, 1, at - 1)
		value = substr($i, at + 1)
		if (!(effect in known) || (effect in ways))
			complain($1 ": no such effect, or twice: " $i)
		if (value !~ /^[a-zA-Z0-9@:\/._=-]+(,[a-zA-Z0-9@:\/._=-]+)*$/)
			complain($1 ": not a list of ways: " $i)
		ways[effect] = value
	}
	printf "\t{\"%s\", {", $1
	for (i = 1; i <= count; i++)
		printf "%s%s", (i > 1 ? ", " : ""), \
			((effects[i] in ways) ? "\"" ways[effects[i]] "\"" : "NULL")
	print "}},"
	programs++
}
END {
	print "};\n"
	printf "const size_t known_program_count = %d;\n", programs
	exit failed
}
