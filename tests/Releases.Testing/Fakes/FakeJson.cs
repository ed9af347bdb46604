using System.Text.Json.Serialization;

namespace Releases.Testing;

[JsonSerializable(typeof(string))]
internal sealed partial class FakeJson : JsonSerializerContext;
