using System.Globalization;
using Releases.Testing.Simulation.Ecs;

namespace Releases.Aws.Tests.Chaos;

/// <summary>What chance decides, by a seed that is printed and can be given.</summary>
internal sealed class Choices
{
    private readonly Lock _gate = new();
    private readonly Random _random;

    public Choices() => _random = new(Seed);

    public int Seed { get; } = Environment.GetEnvironmentVariable("CONVOX_CHAOS_SEED") is { Length: > 0 } given
        ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();

    /// <summary>Whether the process that asks for a change dies of it; null: it lives.</summary>
    public Death? Death() => OneIn(15) ? (Death)Next(3) : null;

    /// <summary>What becomes of a service's new tasks.</summary>
    public TaskBehavior Behavior() => Next(6) switch
    {
        0 => new TaskBehavior.Fails(TimeSpan.FromSeconds(2)),
        1 => new TaskBehavior.NeverHealthy(),
        _ => new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(5 + Next(30))),
    };

    /// <summary>Until somebody dies without having asked for anything.</summary>
    public TimeSpan Pause() => TimeSpan.FromSeconds(10 + Next(20));

    public bool OneIn(int chances) => Next(chances) == 0;

    /// <summary>One of these; null: there is none.</summary>
    public string? Of(IReadOnlyList<string> names) => names.Count == 0 ? null : names[Next(names.Count)];

    private int Next(int end)
    {
        lock (_gate) return _random.Next(end);
    }
}
