namespace Releases.Local;

/// <summary>Where a release can be tried that doesn't have all the traffic yet.</summary>
/// <param name="Release">The release.</param>
/// <param name="Url">The address of one of its processes.</param>
internal sealed record NewAddress(ReleaseId Release, string Url);
