using Xunit;

namespace Releases.EndToEnd.Tests;

/// <summary>Tests with a daemon run one after the other: each takes the machine's ports and both of its cores.</summary>
[CollectionDefinition("racks")]
public sealed class Racks;
