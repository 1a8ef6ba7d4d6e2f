/* `act_as` of an endpoint: who may use whose roles for what. */
#ifndef ROLEGATE_CONFIG_ACT_AS_H
#define ROLEGATE_CONFIG_ACT_AS_H

#include "config/loader.h"
#include "config/schema.h"

/* The list; `field` is the struct endpoint. */
schema_handler build_act_as;
/* When all commands are known: names that nothing defines are problems. */
void act_as_link(struct loader *loader);

#endif
