// The elementary functions of the table of operations, in float and double.
#ifndef ACTGEN_MATH_ELEMENTARY_H
#define ACTGEN_MATH_ELEMENTARY_H

#include "base.h"
#include "erf.h"
#include "exp.h"
#include "hyperbolic.h"
#include "inverse.h"
#include "log.h"
#include "pairs.h"
#include "powers.h"
#include "trigonometric.h"

#endif
