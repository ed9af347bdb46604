using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Creates the task definition of a command that is run once: that of the service, with the command in place of what it starts. It needs
/// its own revision, because RunTask can't override the entry point.
/// </summary>
internal static class CommandDefinition
{
    /// <summary>Returns the input of RegisterTaskDefinition. Fails with <see cref="AwsProblemCode.Refused"/>.</summary>
    /// <param name="on">The task definition on which the service's releases are based.</param>
    /// <param name="release">The service of the release.</param>
    /// <param name="command">The command to run.</param>
    public static JsonObject Create(DescribedTaskDefinition on, TaskRelease release, ProcessCommand command)
    {
        var made = TaskDefinition.Create(on, release with { Service = release.Service with { Command = command, Port = null } });
        made["family"] = TaskFamily.ForCommands(release.Cluster, release.App, release.Service.Name);
        // A host port would conflict with the service's own tasks, and nothing connects to a command.
        foreach (var any in TaskDefinition.Containers(made)) any.Remove("portMappings");
        // The task ends with the command, whatever other containers it has, and the command isn't restarted.
        var container = TaskDefinition.Containers(made).First(c => TaskDefinition.NameOf(c) == release.Container);
        container["essential"] = true;
        container.Remove("restartPolicy");
        return made;
    }
}
