using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Releases.Aws;

/// <summary>
/// Represents a stage of a deployment that shifts traffic, as ECS names it. A stage that this version doesn't know keeps its name, is shown
/// with it, and counts as one with new tasks.
/// </summary>
/// <param name="Name">The name in ECS: <c>POST_SCALE_UP</c>.</param>
[JsonConverter(typeof(ParsableJsonConverter<LifecycleStage>))]
internal readonly record struct LifecycleStage(string Name) : IParsable<LifecycleStage>
{
    public static LifecycleStage ReconcileService { get; } = new("RECONCILE_SERVICE");
    public static LifecycleStage BeforeScaleUp { get; } = new("PRE_SCALE_UP");
    public static LifecycleStage ScaleUp { get; } = new("SCALE_UP");

    /// <summary>The new tasks are running.</summary>
    public static LifecycleStage ScaledUp { get; } = new("POST_SCALE_UP");
    public static LifecycleStage TestTrafficShift { get; } = new("TEST_TRAFFIC_SHIFT");

    /// <summary>The new tasks have the traffic of the test listener, if there is one.</summary>
    public static LifecycleStage TestTrafficShifted { get; } = new("POST_TEST_TRAFFIC_SHIFT");

    /// <summary>ECS reaches it at each step of the traffic.</summary>
    public static LifecycleStage BeforeProductionTrafficShift { get; } = new("PRE_PRODUCTION_TRAFFIC_SHIFT");
    public static LifecycleStage ProductionTrafficShift { get; } = new("PRODUCTION_TRAFFIC_SHIFT");
    public static LifecycleStage ProductionTrafficShifted { get; } = new("POST_PRODUCTION_TRAFFIC_SHIFT");
    public static LifecycleStage BakeTime { get; } = new("BAKE_TIME");
    public static LifecycleStage CleanUp { get; } = new("CLEAN_UP");

    private static readonly Dictionary<LifecycleStage, string> Texts = new()
    {
        [ReconcileService] = "preparing the service",
        [BeforeScaleUp] = "before starting new tasks",
        [ScaleUp] = "starting new tasks",
        [ScaledUp] = "new tasks are running",
        [TestTrafficShift] = "shifting test traffic",
        [TestTrafficShifted] = "test traffic shifted",
        [ProductionTrafficShift] = "shifting production traffic",
        [ProductionTrafficShifted] = "production traffic shifted",
        [BakeTime] = "bake time",
        [CleanUp] = "stopping old tasks",
    };

    /// <summary>Whether new tasks are running at this stage.</summary>
    public bool HasNewTasks => this != ReconcileService && this != BeforeScaleUp && this != ScaleUp;

    /// <summary>What ECS does at this stage, for display.</summary>
    public string Text => Texts.GetValueOrDefault(this, Name);

    /// <inheritdoc/>
    public static LifecycleStage Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out LifecycleStage result)
    {
        result = new(s ?? "");
        return s is { Length: > 0 };
    }

    /// <summary>Returns the name in ECS.</summary>
    public override string ToString() => Name;
}
