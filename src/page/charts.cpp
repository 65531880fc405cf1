#include "page/charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace assay::page {
namespace {

constexpr double kWidth = 260.0, kHeight = 26.0, kMargin = 6.0;
constexpr std::size_t kMostDots = 400;

/// From a value to a place on the drawing.
double place(double value, double low, double high) {
  const double share = high > low ? (value - low) / (high - low) : 0.5;
  return kMargin + std::clamp(share, 0.0, 1.0) * (kWidth - 2 * kMargin);
}

std::string begin(const std::string& label) {
  return fmt::format("<svg class=\"chart\" viewBox=\"0 0 {:g} {:g}\" role=\"img\" aria-label=\"{}\">", kWidth,
                     kHeight, label);
}

std::string line(const char* kind, double x1, double y1, double x2, double y2) {
  return fmt::format("<line class=\"{}\" x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\"/>", kind, x1,
                     y1, x2, y2);
}

}  // namespace

std::string ratio_chart(double ratio, double low, double high, double effect) {
  const double band = std::log1p(effect);
  const double reach = 1.15 * std::max({band, std::abs(std::log(low)), std::abs(std::log(high)), 0.02});
  const auto x = [&](double value) { return place(std::log(value), -reach, reach); };
  const double left = place(-band, -reach, reach), right = place(band, -reach, reach), middle = kHeight / 2;
  return begin(fmt::format("ratio {:.4g}, interval {:.4g} to {:.4g}", ratio, low, high)) +
         fmt::format("<rect class=\"band\" x=\"{:.2f}\" y=\"2\" width=\"{:.2f}\" height=\"{:g}\"/>", left,
                     right - left, kHeight - 4) +
         line("axis", x(1.0), 2, x(1.0), kHeight - 2) + line("interval", x(low), middle, x(high), middle) +
         fmt::format("<circle class=\"mark\" cx=\"{:.2f}\" cy=\"{:g}\" r=\"3.5\"/></svg>", x(ratio), middle);
}

std::string strip_chart(std::span<const double> samples, double median, double low, double high) {
  std::string svg = begin(fmt::format("{} samples, median {:.4g}", samples.size(), median));
  const std::size_t every = std::max<std::size_t>(1, samples.size() / kMostDots);
  for (std::size_t i = 0; i < samples.size(); i += every) {
    // Neighbours in time are told apart by height, so that equal times do not hide each other.
    const double y = 6 + static_cast<double>(i % 5) * (kHeight - 12) / 4;
    svg += fmt::format("<circle class=\"dot\" cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"2\"/>",
                       place(samples[i], low, high), y);
  }
  return svg + line("median", place(median, low, high), 2, place(median, low, high), kHeight - 2) + "</svg>";
}

}  // namespace assay::page
