/* The 128-bit random number that every record of one request holds. */
#ifndef ROLEGATE_REQUEST_ID_H
#define ROLEGATE_REQUEST_ID_H

#include <stdbool.h>

struct request_id {
	char text[33]; /* 32 lower-case hexadecimal digits */
};

/* 0, or -1 and errno when there is no randomness; `id` is empty then. Source: getrandom(2). */
int request_id_new(struct request_id *id);
bool request_id_is_valid(const char *text);

#endif
