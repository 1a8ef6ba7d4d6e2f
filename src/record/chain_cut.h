/* What was left half written at the end of an event log is put beside it, and the log says so. */
#ifndef ROLEGATE_CHAIN_CUT_H
#define ROLEGATE_CHAIN_CUT_H

#include "record/chain_file.h"

/*
 * Of a file in state CHAIN_FILE_TORN, in `directory` under `name`: what is behind its last whole
 * line goes into a new file NAME.torn-SEQ, SEQ being the next line's, and the file is cut there.
 * *object: the event that says it, in `arena`. 0, or -1 and errno; the file is as it was then.
 */
int chain_cut(struct arena *arena, int directory, const char *name, int fd,
	const struct chain_file *found, char **object);
/*
 * A file that is no chain gets another name: NAME.unchained-TIME. 0, or -1 and errno.
 */
int chain_set_aside(struct arena *arena, int directory, const char *name);

#endif
