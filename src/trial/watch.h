/*
 * The calls that are asked about, and what each says about the run. Answers one call at a time;
 * owns nothing but memory.
 */
#ifndef ROLEGATE_TRIAL_WATCH_H
#define ROLEGATE_TRIAL_WATCH_H

#include <stdbool.h>

#include "base/strings.h"
#include "spawn/account.h"
#include "trial/notify.h"
#include "trial/observe.h"

struct watch {
	struct observation *seen;
	struct arena *scratch; /* of one call */
	int listener;	       /* notify.h */
	pid_t starter; /* its own calls, and its child's before it is the program, are no matter */
	const struct account *account;
	struct table denied; /* names of calls that the profile would refuse */
	int *rows;	     /* numbers of the calls of acts.h, by table and row */
	int execute;	     /* execveat(2) */
	bool started;	     /* the program has been executed */
	pid_t *processes;    /* that were seen; some are gone */
	size_t process_count;
};

/* The numbers to ask about, for notify_install(). In the observation's arena. */
int *watch_numbers(struct watch *watch, const struct strings *denied, size_t *count);

/* Looks at one call and lets it go on. 0, or -1 and errno: the listener is of no use any more. */
int watch_answer(struct watch *watch);
/* How much of everything is in use now. */
void watch_measure(struct watch *watch);
/* Between calls: gives back what was needed for the last ones. */
void watch_tidy(struct watch *watch);
/* When nothing of it is left: which temporary files are, and how large what it wrote is. */
void watch_finish(struct watch *watch);

#endif
