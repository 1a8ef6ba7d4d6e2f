/* `user_drive` of an endpoint. */
#ifndef ROLEGATE_CONFIG_DRIVE_H
#define ROLEGATE_CONFIG_DRIVE_H

#include "config/schema.h"

/* `field` is a const struct drive **. */
schema_handler build_drive;

/*
 * When all is known: a name that the drive needs for itself is an error; a command that takes a
 * file of a drive where there is none, or more files than a call has descriptors for, a warning.
 */
void drive_check(struct loader *loader);

#endif
