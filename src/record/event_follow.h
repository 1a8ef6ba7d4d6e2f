/*
 * The event log's file when somebody rotates it under its writers: whose lock is to be had, and in
 * which older file the chain is to go on. For event_file.c only.
 */
#ifndef ROLEGATE_EVENT_FOLLOW_H
#define ROLEGATE_EVENT_FOLLOW_H

#include <stdbool.h>

#include "record/fields.h"

/* A rotated file is let go: true when the name stands for another one, or for none, by now. */
bool events_was_replaced(const struct events *events);
/*
 * The lock of `file`, its own or an older one. 0; -1 and errno, ETIMEDOUT after two seconds. Who
 * waits for an older one has its own locked meanwhile: once that is replaced too, it gives up with
 * ESTALE, since the next writer may be waiting for it.
 */
int events_lock(const struct events *events, int file);
/*
 * The file that was written before this one: what the directory has, or `replaced`, still open; -1:
 * none is. *newest: as it was given, where there is none. *after: its name, malloc'd, NULL without.
 * 0; -1 and errno, ESTALE when this one was replaced meanwhile.
 */
int events_find_older(
	const struct events *events, int replaced, struct chain_file *newest, char **after);

#endif
