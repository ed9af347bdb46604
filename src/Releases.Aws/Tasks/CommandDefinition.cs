using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// The task definition of a command that is run once: a service's own with the command in place of what it starts. It has a revision
/// because what RunTask can override has no entry point.
/// </summary>
internal static class CommandDefinition
{
    /// <summary>The input of RegisterTaskDefinition. Fails with <see cref="ProblemCode.AwsRefused"/>.</summary>
    /// <param name="on">What the service's releases are put on.</param>
    /// <param name="release">The release's service.</param>
    /// <param name="command">What to run.</param>
    public static JsonObject Create(DescribedTaskDefinition on, TaskRelease release, ProcessCommand command)
    {
        var made = TaskDefinition.Create(on, release with { Service = release.Service with { Command = command, Port = null } });
        made["family"] = TaskFamily.ForCommands(release.Cluster, release.App, release.Service.Name);
        // A port of the host would be taken by the service's own tasks, and nothing reaches a command.
        foreach (var any in TaskDefinition.Containers(made)) any.Remove("portMappings");
        // The task ends with the command, whatever else is in it, and the command is not begun again.
        var container = TaskDefinition.Containers(made).First(c => TaskDefinition.NameOf(c) == release.Container);
        container["essential"] = true;
        container.Remove("restartPolicy");
        return made;
    }
}
