// An element of an activation in its own format, or in double where it is far: rare, and one element at a time.
#ifndef ACTGEN_ELEMENT_H
#define ACTGEN_ELEMENT_H

#include "math/base.h"

namespace actgen {

// Numbers in double; at least one, since an array has.
template <int COUNT, typename T>
struct InDouble {
  double at[COUNT > 0 ? COUNT : 1];
  ACTGEN_INLINE InDouble of(const T* from) {
    InDouble result;
    for (int k = 0; k < COUNT; ++k) result.at[k] = double(from[k]);
    return result;
  }
};

template <int COUNT, typename T>
ACTGEN_INLINE void round_from(const double* from, T* to) {
  for (int k = 0; k < COUNT; ++k) to[k] = T(from[k]);
}

// The outputs of one element. With FAR it may be far.
template <typename Element, bool FAR, typename T>
ACTGEN_INLINE void outputs_of(const T* x, const T* p, T* y) {
  if constexpr (FAR) {
    if (Element::template far<T, double>(x, p)) {
      auto inputs = InDouble<Element::INPUTS, T>::of(x);
      auto parameters = InDouble<Element::PARAMETERS, T>::of(p);
      double results[Element::OUTPUTS];
      Element::template forward<true, double, double>(inputs.at, parameters.at, results);
      return round_from<Element::OUTPUTS>(results, y);
    }
  }
  Element::template forward<false, T, double>(x, p, y);
}

// The partials of one element: of each output by each input, then each parameter.
template <typename Element, bool FAR, typename T>
ACTGEN_INLINE void partials_of(const T* x, const T* p, T* d) {
  constexpr int PARTIALS = Element::OUTPUTS * (Element::INPUTS + Element::PARAMETERS);
  if constexpr (FAR) {
    if (Element::template far<T, double>(x, p)) {
      auto inputs = InDouble<Element::INPUTS, T>::of(x);
      auto parameters = InDouble<Element::PARAMETERS, T>::of(p);
      double results[PARTIALS];
      Element::template partials<true, double, double>(inputs.at, parameters.at, results);
      return round_from<PARTIALS>(results, d);
    }
  }
  Element::template partials<false, T, double>(x, p, d);
}

}  // namespace actgen

#endif
