/* Files that the log names: opened below its directory, and nowhere else (R31). */
#ifndef ROLEGATE_LOG_BENEATH_H
#define ROLEGATE_LOG_BENEATH_H

#include <stdbool.h>

/* transcripts/UID/REQUEST.cast, and nothing that only looks like it. */
bool log_is_transcript(const char *name);
/*
 * A regular file, to read it. No link, no device, no other file system is crossed. -1 and errno;
 * EINVAL: it is not a regular file.
 */
int log_open_beneath(int directory, const char *name);

#endif
