using System.Globalization;

namespace Releases.Aws;

/// <summary>Defines the task sizes of Fargate: CPU units, with the memory in MiB that is available for each.</summary>
internal static class FargateSizes
{
    /// <summary>The maximum number of seconds between SIGTERM and SIGKILL.</summary>
    public const int MaxStopSeconds = 120;

    private static readonly (int Cpu, int From, int To, int Step)[] Sizes =
    [
        (256, 512, 512, 512), (256, 1024, 2048, 1024), (512, 1024, 4096, 1024), (1024, 2048, 8192, 1024), (2048, 4096, 16_384, 1024),
        (4096, 8192, 30_720, 1024), (8192, 16_384, 61_440, 4096), (16_384, 32_768, 122_880, 8192),
    ];

    /// <summary>Returns why Fargate doesn't accept a size, or null if it does.</summary>
    public static string? Refusal(string? cpu, string? memory)
    {
        if (!Number(cpu, out var units) || !Number(memory, out var mebibytes)) return null; // With units ("1 vCPU"), ECS checks them.
        if (Sizes.Any(s => s.Cpu == units && mebibytes >= s.From && mebibytes <= s.To && (mebibytes - s.From) % s.Step == 0)) return null;
        var fitting = Sizes.Where(s => s.Cpu == units).ToList();
        return fitting.Count == 0
            ? $"would get {units} CPU units, and Fargate has {string.Join(", ", Sizes.Select(s => s.Cpu).Distinct())}"
            : $"would get {mebibytes} MiB of memory with {units} CPU units, for which Fargate has {fitting[0].From} to {fitting[^1].To} "
                + $"in steps of {fitting[^1].Step}";
    }

    /// <summary>Returns the smallest size with these values, where null means any; null if Fargate has none.</summary>
    public static (int Cpu, int Memory)? Smallest(int? cpu, int? memory)
    {
        foreach (var size in Sizes.Where(s => cpu is null || s.Cpu == cpu))
        {
            if (memory is null) return (size.Cpu, size.From);
            if (memory >= size.From && memory <= size.To && (memory - size.From) % size.Step == 0) return (size.Cpu, memory.Value);
        }

        return null;
    }

    private static bool Number(string? text, out int number) => int.TryParse(
        text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
