/* Programs that are known, by their name, to start other programs (R38). */
#ifndef ROLEGATE_ADMIN_KNOWN_PROGRAMS_H
#define ROLEGATE_ADMIN_KNOWN_PROGRAMS_H

enum program_kind {
	PROGRAM_SHELL,	     /* an interpreter: its arguments or input are a program */
	PROGRAM_WRAPPER,     /* starts the program that its arguments name */
	PROGRAM_OPTION,	     /* has options or expressions that start programs */
	PROGRAM_INTERACTIVE, /* starts programs from its own prompt */
	PROGRAM_PAGER,	     /* shows its output with a pager when it has a terminal */
};

struct known_program {
	const char *name; /* the last component of the path, without a version */
	enum program_kind kind;
};

/* By the last component of `path`; "python3.11" is python. NULL: nothing is known. */
const struct known_program *known_program(const char *path);

#endif
