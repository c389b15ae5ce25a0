// An element of an activation in its own format, or in double where it is far: rare, and one element at a time.
#ifndef ACTGEN_ELEMENT_H
#define ACTGEN_ELEMENT_H

#include "math/base.h"
#include "math/range.h"

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

// The outputs of one element.
template <typename Element, Reach REACH, typename T>
ACTGEN_INLINE void outputs_of(const T* x, const T* p, T* y) {
  if constexpr (REACH == FAR) {
    if (Element::template far<T, double>(x, p)) {
      auto inputs = InDouble<Element::INPUTS, T>::of(x);
      auto parameters = InDouble<Element::PARAMETERS, T>::of(p);
      double results[Element::OUTPUTS];
      Range<double, FAR> wide;
      Element::template forward<FAR, double, double>(wide, inputs.at, parameters.at, results);
      return round_from<Element::OUTPUTS>(results, y);
    }
  }
  Range<T, GUARDED> range;
  Element::template forward<GUARDED, T, double>(range, x, p, y);
}

// The partials of one element: of each output by each input, then each parameter.
template <typename Element, Reach REACH, typename T>
ACTGEN_INLINE void partials_of(const T* x, const T* p, T* d) {
  constexpr int PARTIALS = Element::OUTPUTS * (Element::INPUTS + Element::PARAMETERS);
  if constexpr (REACH == FAR) {
    if (Element::template far<T, double>(x, p)) {
      auto inputs = InDouble<Element::INPUTS, T>::of(x);
      auto parameters = InDouble<Element::PARAMETERS, T>::of(p);
      double results[PARTIALS];
      Range<double, FAR> wide;
      Element::template partials<FAR, double, double>(wide, inputs.at, parameters.at, results);
      return round_from<PARTIALS>(results, d);
    }
  }
  Range<T, GUARDED> range;
  Element::template partials<GUARDED, T, double>(range, x, p, d);
}

// The same with NEAR, for an element that nothing is known of; whether it is ordinary is told in `beyond`.
template <typename Element, typename T>
ACTGEN_INLINE void outputs_near(const T* x, const T* p, T* y, BitsOf<T>& beyond) {
  Range<T, NEAR> range;
  Element::template forward<NEAR, T, double>(range, x, p, y);
  beyond |= range.beyond;
}
template <typename Element, typename T>
ACTGEN_INLINE void partials_near(const T* x, const T* p, T* d, BitsOf<T>& beyond) {
  Range<T, NEAR> range;
  Element::template partials<NEAR, T, double>(range, x, p, d);
  beyond |= range.beyond;
}

}  // namespace actgen

#endif
