using System.Text.Json.Nodes;

namespace Releases.Aws.Tests.Chaos;

/// <summary>A change that ECS was asked for, in the order in which they took effect.</summary>
/// <param name="At">When.</param>
/// <param name="Sender">The process that asked.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Input">What was asked.</param>
/// <param name="Output">What ECS answered; null: it refused, and nothing took effect.</param>
internal sealed record LoggedRequest(DateTimeOffset At, string Sender, string Operation, JsonObject Input, JsonObject? Output)
{
    public string? Text(string member) => Input[member]?.GetValue<string>();
}
