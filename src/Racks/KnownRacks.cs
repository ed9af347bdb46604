using Releases.Aws;
using Releases.Local;

namespace Releases;

/// <summary>Lists the supported kinds of racks. This one list is compiled into every program.</summary>
internal static class KnownRacks
{
    public static RackKinds All { get; } = new(
        new LocalRackKind(),
        new AwsRackKind());
}
